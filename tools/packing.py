"""The build step that copies the app's front end into the wheel. Setuptools runs it (`pyproject.toml`)."""

from __future__ import annotations

from pathlib import Path

from setuptools.command.build_py import build_py

#: The files that Streamlit is started with. They are in the root folder of the project, outside its packages.
FRONT = (Path("app.py"), Path(".streamlit", "config.toml"))


class BuildWithFront(build_py):  # type: ignore[misc]  # setuptools comes without types
    """Builds the packages, and copies the front end to `explain/app/front`, where `explain/app/command.py` looks for it."""

    def run(self) -> None:
        super().run()
        if self.editable_mode:  # an editable installation uses the files in the root folder
            return
        for file in FRONT:
            copy = Path(self.build_lib, "explain", "app", "front", file)
            copy.parent.mkdir(parents=True, exist_ok=True)
            self.copy_file(str(file), str(copy))
