"""Reads every file of the matrix with Spark, by parquet-java and by Spark's vectorized decoder."""

import pathlib
import re
import sys
import tempfile

import pyspark.sql

import parquet_program
import parquet_rows

# For each decoder the columns, by a pattern of their names, that it does not read.
LIMITS = {
    "parquet-java": None,
    # It decodes no BYTE_STREAM_SPLIT.
    "vectorized": "byte_stream_split|_last$|_chosen$",
}


def session():
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "2g",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
        "spark.sql.files.maxPartitionBytes": "1g",
        "spark.sql.files.openCostInBytes": "0",
    }
    builder = pyspark.sql.SparkSession.builder.master("local[1]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def differences(spark, path, columns):
    frame = spark.read.parquet(str(path)).select([f"`{column.name}`" for column in columns])
    table = frame.toArrow()
    for column in columns:
        found = parquet_rows.canonical(table[column.name], column.type)
        if difference := parquet_rows.difference(found, column.values):
            yield f"{column.name}: {difference}"


def main(contents):
    spark = session()
    failures, files, read = [], 0, 0
    with tempfile.TemporaryDirectory() as folder:
        matrix = parquet_program.Matrix.write(parquet_program.build(), pathlib.Path(folder))
        assert matrix.written.returncode == 0, matrix.written.stderr
        names = [name for name in matrix.names() if not contents or name.split("-")[0] in contents]
        for name in names:
            files += 1
            for decoder, limit in LIMITS.items():
                is_vectorized = str(decoder == "vectorized").lower()
                spark.conf.set("spark.sql.parquet.enableVectorizedReader", is_vectorized)
                columns = [
                    column for column in matrix.columns(name) if not (limit and re.search(limit, column.name))
                ]
                read += len(columns)
                try:
                    found = list(differences(spark, matrix.path(name), columns))
                except Exception as error:
                    found = [f"{str(error):.300}"]
                failures += [f"{name} by {decoder}: {each}" for each in found]
    print("\n".join(failures))
    print(f"{files} files, {read} columns read, {len(failures)} failures")
    return bool(failures) or not files


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
