"""What all tests share: properties are held to what is true of them, not to how fast a busy machine shows it."""

from hypothesis import settings

settings.register_profile("sim", deadline=None)
settings.load_profile("sim")
