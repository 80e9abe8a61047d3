"""Sees .ci/check-snippets accept what is equal and name every kind of difference."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "check-snippets"

SOURCE = """\
func example() {
  // snippet: first
  let one = 1
  if one == 1 {

    print(one)
  }
  // end snippet
}
// snippet: endless
"""
GOOD = """\
# Title

<!-- snippet: Guide#first -->

```swift
let one = 1
if one == 1 {

  print(one)
}
```

```sh
swift build
```
"""


@pytest.fixture
def tree(tmp_path):
    snippets = tmp_path / "Examples" / "Sources" / "Snippets"
    snippets.mkdir(parents=True)
    (snippets / "Guide.swift").write_text(SOURCE)
    (tmp_path / "Documentation" / "Decisions").mkdir(parents=True)
    return tmp_path


def check(tree, *options):
    result = subprocess.run([str(SCRIPT), *options, str(tree)], capture_output=True, text=True, timeout=60)
    return result.returncode, result.stdout


@pytest.mark.parametrize("document", ["README.md", "Documentation/Guide.md", "Documentation/Decisions/0001.md"])
def test_equal_code_passes_and_other_code_does_not(tree, document):
    (tree / document).write_text(GOOD)
    assert check(tree) == (0, "check-snippets: 1 blocks of code are what compiles\n")
    (tree / document).write_text(GOOD.replace("let one", "let two"))
    status, output = check(tree)
    assert status == 1
    assert f"{document}:5: the block differs from Guide.swift#first" in output


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("<!-- snippet: Guide#first -->\n", "", ":4: the block has no '<!-- snippet: FILE#REGION -->' above it"),
        ("-->\n", "-->\nwords\n", "no ```swift block follows the marker"),
        ("Guide#first", "Other#first", "there is no Examples/Sources/Snippets/Other.swift"),
        ("#first", "#second", "Guide.swift has no region 'second'"),
        ("#first", "#endless", "Guide.swift has no region 'endless' that ends"),
        ("```sh", "```swift", ":13: the block has no '<!-- snippet: FILE#REGION -->' above it"),
    ],
)
def test_what_cannot_be_compared_is_named(tree, old, new, message):
    (tree / "README.md").write_text(GOOD.replace(old, new, 1))
    for options in [(), ("--write",)]:
        status, output = check(tree, *options)
        assert status == 1
        assert message in output


def test_write_brings_the_document_up_to_date_and_changes_nothing_else(tree):
    readme = tree / "README.md"
    readme.write_text(GOOD.replace("let one = 1\n", "let old = 0\nlet older = 1\n"))
    assert check(tree)[0] == 1
    assert check(tree, "--write")[0] == 0
    assert readme.read_text() == GOOD
    assert check(tree)[0] == 0


def test_a_block_inside_a_list_keeps_its_indentation(tree):
    readme = tree / "README.md"
    readme.write_text("- a\n\n  <!-- snippet: Guide#first -->\n  ```swift\n  old\n  ```\n")
    assert check(tree, "--write")[0] == 0
    assert "  ```swift\n  let one = 1\n  if one == 1 {\n\n    print(one)\n  }\n  ```\n" in readme.read_text()
