"""Questions asked of ensembles: tables in, tables out."""
