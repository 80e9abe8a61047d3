"""What every test here needs: the built command line, a database of its own, an empty lake."""

import os
import uuid
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql

import parquet_program
from aws_program import AWSFixtures
from s3_lake import Laboratory, S3Tokyo
from tokyo_command import Tokyo


def service(variable: str) -> str:
    return os.environ.get(variable) or pytest.fail(f"{variable} is not set: run Tests/run")


class Databases:
    """Makes databases on the test server, and drops them in the end."""

    def __init__(self, server: str):
        self.server = server
        self.names: list[str] = []

    def new(self) -> str:
        name = f"tokyo_{uuid.uuid4().hex}"
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        self.names.append(name)
        return conninfo.make_conninfo(self.server, dbname=name)

    def drop(self):
        for name in self.names:
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement):
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="module")
def databases():
    made = Databases(service("TOKYO_TEST_POSTGRES_URL"))
    yield made
    made.drop()


@pytest.fixture(scope="module")
def new_tokyo(databases, tmp_path_factory):
    """Makes command lines, each with a new database and an empty lake."""
    binary = service("TOKYO_BIN")

    def make() -> Tokyo:
        return Tokyo(binary, databases.new(), tmp_path_factory.mktemp("lake"))

    return make


@pytest.fixture(scope="module")
def laboratory() -> Laboratory:
    return Laboratory()


@pytest.fixture(scope="module")
def new_s3_tokyo(databases, laboratory):
    """As `new_tokyo`, with lakes in the laboratory."""
    binary = service("TOKYO_BIN")
    made: list[S3Tokyo] = []

    def make() -> S3Tokyo:
        made.append(S3Tokyo(binary, databases.new(), laboratory))
        return made[-1]

    yield make
    for tokyo in made:
        tokyo.forget()


@pytest.fixture
def tokyo(new_tokyo) -> Tokyo:
    return new_tokyo()


@pytest.fixture(scope="session")
def binary() -> Path:
    return Path(service("TOKYO_BIN"))


@pytest.fixture(scope="session")
def fixtures() -> parquet_program.Fixtures:
    return parquet_program.build()


@pytest.fixture(scope="session")
def aws_fixtures() -> AWSFixtures:
    return AWSFixtures(parquet_program.built("aws-fixtures"))


@pytest.fixture(scope="session")
def matrix(fixtures, tmp_path_factory) -> parquet_program.Matrix:
    """The files that our writer wrote, each beside a description of its rows."""
    return parquet_program.Matrix.write(fixtures, tmp_path_factory.mktemp("matrix"))
