"""Reads every file of the matrix with Spark, by parquet-java and by Spark's vectorized decoder."""

import pathlib
import sys
import tempfile

import pyspark.sql

import parquet_program
import parquet_rows

DECODERS = {"parquet-java": "false", "vectorized": "true"}


def session():
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "2g",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.timeType.enabled": "true",
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


SIMPLE = {
    "bool": "BOOLEAN", "int8": "TINYINT", "int16": "SMALLINT", "int32": "INT", "int64": "BIGINT",
    "float": "FLOAT", "double": "DOUBLE", "string": "STRING", "bytes": "BINARY", "date": "DATE",
    "time": "TIME(6)", "timestamp": "TIMESTAMP", "localTimestamp": "TIMESTAMP_NTZ",
}


def spark_type(kind, label=None):
    """The type of a column in Spark's words; it finds them out by itself but for UUIDs, which are bytes to it."""
    match kind:
        case ["decimal", precision, scale]:
            return f"DECIMAL({precision},{scale})"
        case ["list", element]:
            return f"ARRAY<{spark_type(element)}>"
        case ["structure", fields]:
            return f"STRUCT<{','.join(f'{name}: {spark_type(field)}' for name, field in fields)}>"
        case ["map", key, value]:
            return f"MAP<{spark_type(key)},{spark_type(value)}>"
        case _:
            return "BINARY" if label == "uuid" else SIMPLE[kind]


def differences(spark, path, columns):
    schema = ", ".join(f"`{column.name}` {spark_type(column.type, column.label)}" for column in columns)
    table = spark.read.schema(schema).parquet(str(path)).toArrow()
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
            columns = matrix.columns(name)
            for decoder, is_vectorized in DECODERS.items():
                spark.conf.set("spark.sql.parquet.enableVectorizedReader", is_vectorized)
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
