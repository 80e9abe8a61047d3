"""Plants one violation of each kind in a copy of the tree and sees .ci/check-layers name it."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def check(tree):
    result = subprocess.run(
        [str(ROOT / ".ci" / "check-layers"), str(tree)], capture_output=True, text=True, timeout=120)
    return result.returncode, result.stdout


@pytest.fixture
def tree(tmp_path):
    """A copy, under another name, of what the check looks at."""
    copy = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "Sources", copy / "Sources")
    shutil.copy(ROOT / "Package.swift", copy / "Package.swift")
    return copy


def plant(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_tree_as_it_is_passes(tree):
    status, output = check(tree)
    assert status == 0, output


@pytest.mark.parametrize(
    "path, text, message",
    [
        ("TokyoDataCore/P.swift", "internal import TokyoDataPostgres\n",
         "TokyoDataCore/P.swift:1: TokyoDataCore imports TokyoDataPostgres"),
        ("TokyoDataRouter/P.swift", "\ninternal import TokyoDataLake\n",
         "TokyoDataRouter/P.swift:2: TokyoDataRouter imports TokyoDataLake"),
        ("TokyoDataPostgres/P.swift", "public import TokyoDataETL\n", "TokyoDataPostgres imports TokyoDataETL"),
        ("TokyoDataCore/P.swift", "internal import CLibPQ\n", "only TokyoDataPostgres imports that C module"),
        ("TokyoDataPostgres/P.swift", "public import CLibPQ\n",
         "the C module CLibPQ is imported as 'public', but only 'internal import'"),
        ("TokyoDataColumns/P.swift", "internal import Foundation\n", "TokyoDataColumns knows no Foundation"),
        ("TokyoDataColumns/P.swift", "@preconcurrency internal import FoundationEssentials\n",
         "TokyoDataColumns knows no Foundation"),
        ("TokyoDataParquet/P.swift", "internal import struct Foundation.Data\n",
         "TokyoDataParquet knows no Foundation"),
        ("TokyoDataParquet/P.swift", "internal import Logging\n", "TokyoDataParquet depends on no other package"),
        ("TokyoDataLake/P.swift", "internal import Alamofire\n", "the architecture does not name that module"),
        ("TokyoDataLake/P.swift", "import TokyoDataCore\n",
         "TokyoDataLake/P.swift:1: the import of TokyoDataCore has no access level"),
        ("TokyoData/Logic.swift", "let one = 1\n", "the umbrella holds no source file but Exports.swift"),
        ("TokyoData/Exports.swift", "public import TokyoDataCore\n", "the umbrella must re-export TokyoDataCore"),
        ("TokyoDataQueue/P.swift", "let one = 1\n", "Sources/TokyoDataQueue: the module has no place"),
        ("TokyoDataCore/Utils/P.swift", "let one = 1\n", "a folder is named after what it holds, not 'Utils'"),
        ("TokyoDataCore/Query/Common/Deep/P.swift", "let one = 1\n", "not 'Common'"),
        ("TokyoDataCore/Long.swift", "// no\n" * 601, "TokyoDataCore/Long.swift: 601 lines, more than 600"),
    ],
)
def test_a_planted_violation_in_the_sources_is_named(tree, path, text, message):
    plant(tree / "Sources" / path, text)
    status, output = check(tree)
    assert status == 1
    assert message in output


def test_a_c_module_in_two_folders_is_named(tree):
    plant(tree / "Sources/TokyoDataPostgres/One/A.swift", "internal import CLibPQ\n")
    plant(tree / "Sources/TokyoDataPostgres/Two/B.swift", "internal import CLibPQ\n")
    status, output = check(tree)
    assert status == 1
    assert "the C module CLibPQ is imported in more than one folder" in output


def test_a_c_module_that_nobody_imports_is_named(tree):
    for path in (tree / "Sources/TokyoDataPostgres").rglob("*.swift"):
        path.unlink()
    plant(tree / "Sources/TokyoDataPostgres/A.swift", "let a = 1\n")
    plant(tree / "Sources/TokyoDataPostgres/B.swift", "let b = 1\n")
    status, output = check(tree)
    assert status == 1
    assert "the C module CLibPQ is imported by no Swift module" in output


def test_long_files_all_over_are_named(tree):
    for index in range(2 * len(list(tree.rglob("*.swift")))):
        plant(tree / f"Sources/TokyoDataCore/Filler{index}.swift", "// no\n" * 150)
    status, output = check(tree)
    assert status == 1
    assert "the median file has 150 lines" in output


@pytest.mark.parametrize(
    "old, new, message",
    [
        ('module("TokyoDataCore", ["TokyoDataColumns"',
         'module("TokyoDataCore", ["TokyoDataPostgres", "TokyoDataColumns"',
         "Package.swift: TokyoDataCore depends on TokyoDataPostgres"),
        ('"TokyoDataCore", "TokyoDataParquet", .product(name: "Crypto"',
         '"TokyoDataLake", "TokyoDataCore", "TokyoDataParquet", .product(name: "Crypto"',
         "Package.swift: TokyoDataRouter depends on TokyoDataLake"),
        ('module("TokyoDataColumns", [', 'module("TokyoDataQueue", []), module("TokyoDataColumns", [',
         "Package.swift: the module TokyoDataQueue has no place"),
        ('.systemLibrary(', '.systemLibrary(name: "CSQLite"), .systemLibrary(',
         "Package.swift: the C module CSQLite has no place"),
        ('.enableUpcomingFeature("ExistentialAny"),', "", "TokyoDataCore does not enable ExistentialAny"),
        (".treatAllWarnings(as: .error),", "", "TokyoDataCore does not treat warnings as errors"),
        (".swiftLanguageMode(.v6),", ".swiftLanguageMode(.v5),",
         "TokyoDataCore does not use the Swift 6 language mode"),
    ],
)
def test_a_planted_violation_in_the_manifest_is_named(tree, old, new, message):
    manifest = tree / "Package.swift"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new, 1))
    status, output = check(tree)
    assert status == 1
    assert message in output


@pytest.mark.parametrize(
    "text",
    [
        "// import Foundation\n/* public import Foundation\nimport Foundation */\n",
        'let text = """\n  import Foundation\n  """\n',
        "// This file is generated by a script.\n" + "// yes\n" * 700,
        "internal import Synchronization\n#if canImport(Glibc)\n  internal import Glibc\n#endif\n",
    ],
)
def test_what_only_looks_like_a_violation_passes(tree, text):
    plant(tree / "Sources/TokyoDataColumns/P.swift", text)
    status, output = check(tree)
    assert status == 0, output
