"""What makes environments, wheels and bundles, and looks through the files. Not part of the wheel."""
