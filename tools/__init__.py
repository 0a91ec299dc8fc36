"""Scripts for environments, wheels, bundles, the documentation site and checks of files. Not part of the wheel."""
