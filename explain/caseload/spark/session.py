"""The Spark session of the command line. Programs pass their own."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from explain.caseload.spark.task import ROWS
from kb.errors import Fault, InputError, plain

ENGINE, MASTER = "--engine spark", "--master"
EVERYWHERE = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",  # datetimes are read as written
    "spark.sql.execution.arrow.maxRecordsPerBatch": str(ROWS),
}
#: For a local master: no connection to or from other machines.
HERE = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",  # tuned for start-up
    "spark.sql.shuffle.partitions": "8",
}


def session(master: str) -> Any:
    """A session on a master such as `local[2]`. Errors: `InputError` if pyspark or Java is missing."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        hint = "install whichteam with its extra `spark`, or use columns"
        raise InputError([Fault(ENGINE, "pyspark is not installed", hint)]) from None
    if java() is None:
        raise InputError([Fault(ENGINE, "Java is not installed", "Spark needs Java 17 or newer; or use columns")])
    local = master.startswith("local")
    _environment(local)
    builder: Any = SparkSession.builder
    builder = builder.master(master).appName("whichteam")
    for name, value in (EVERYWHERE | (HERE if local else {})).items():
        builder = builder.config(name, value)
    with _aside() as said:
        try:
            made = builder.getOrCreate()
        except Exception as error:  # pyspark raises several classes here
            why = reason(error, said)
            raise InputError(
                [Fault(ENGINE, f"Spark can't start: {why}", f"is `{MASTER} {master}` right, and Java 17?")]
            ) from None
    logging.getLogger("DataFrameQueryContextLogger").disabled = True  # the same is raised as an error
    made.sparkContext.setLogLevel("OFF" if local else "ERROR")
    return made


def java() -> str | None:
    """Path of the Java executable; None if there is none."""
    home = os.environ.get("JAVA_HOME")
    return shutil.which("java", path=str(Path(home) / "bin")) if home else shutil.which("java")


def reason(error: Exception, said: Any = None) -> str:
    """The message of a Spark error in one line or, if Java did not start, the last line that Java printed (`said`)."""
    java_error = getattr(error, "java_exception", None)  # otherwise py4j names only the call
    text = str(error) if java_error is None else str(java_error.toString())
    if said is not None and "JAVA_GATEWAY" in text:
        said.seek(0)
        text = said.read().decode(errors="replace").strip().rsplit("\n", 1)[-1] or text
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return plain(lines[0][:200]) if lines else type(error).__name__


@contextmanager
def _aside() -> Iterator[Any]:
    """Redirects standard error to a temporary file while Java starts. Relevant messages also come as errors."""
    warnings.filterwarnings("ignore", module=r"pyspark\.")
    sys.stderr.flush()
    before = os.dup(2)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(before, 2)
            os.close(before)


def _environment(local: bool) -> None:
    """Makes tasks use this Python; for a local master, keeps Spark on the loopback address."""
    if local:
        os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_HOSTNAME": "localhost", "PYSPARK_PYTHON": sys.executable}
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
