"""Ask questions of ensembles and scenarios; each module is named after its question or its method."""
