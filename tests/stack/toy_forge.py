"""A forge that is neither GitHub nor the embedded one: what the folder of a new one would hold.

Its repositories are bare ones in a folder, so that its branches and pull requests are those of
the local forge; all that a forge says about itself is its own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from kalypso.errors import Position, Problem
from kalypso.forge.forge import Person, Values
from kalypso.forge.local.issues import LocalIssues
from kalypso.forge.local.repository import BareRepository
from kalypso.git.credentials import Credentials
from kalypso.git.refs import all_refs
from kalypso.git.remote import Access
from kalypso.git.write import Writer

URL = "http://127.0.0.1:3180"


@dataclass(frozen=True, slots=True)
class Toy:
    """A box of repositories."""

    box: Path
    owner: str = ""

    kind: ClassVar[str] = "toy"
    name: ClassVar[str] = "the toy box"
    url: ClassVar[str] = URL
    here: ClassVar[bool] = True
    home_hint: ClassVar[str] = ""
    account: ClassVar[str] = ""
    host_keys: ClassVar[str] = ""
    token_issuer: ClassVar[str] = ""
    server_interface: ClassVar[str] = ""
    longest_body: ClassVar[int] = 4_000
    writes_single_files: ClassVar[bool] = False
    has_rules: ClassVar[bool] = False
    extra: ClassVar[str] = ""

    @property
    def home(self) -> str:
        return f"{URL}/{self.owner}" if self.owner else URL

    def place(self, address: str) -> "ToyPlace | None":
        name = self.name_at_home(address)
        return ToyPlace(self, name) if name else None

    def name_at_home(self, address: str) -> str | None:
        name = address.removeprefix(f"{URL}/")
        return name if name != address else None


@dataclass(frozen=True, slots=True)
class ToyPlace:
    """A repository in the box."""

    forge: Toy
    full_name: str

    @property
    def path(self) -> Path:
        return self.forge.box / f"{self.full_name}.git"

    @property
    def identity(self) -> Mapping[str, str]:
        return {"toy": str(self.forge.box), "repository": self.full_name}

    @property
    def git_address(self) -> str:
        return str(self.path)

    @property
    def key_address(self) -> str:
        return ""

    @property
    def interface(self) -> str:
        return ""

    def workflow_subject(self, environment: str) -> str:
        return f"{self.full_name}/{environment}"

    @property
    def page(self) -> str:
        return f"https://toys.example/{self.full_name}"

    @property
    def option(self) -> str:
        return f" -r toy:{self.path}"

    @property
    def exists(self) -> bool:
        return self.path.is_dir()

    @property
    def has_content(self) -> bool:
        return self.exists and bool(all_refs(self.path))

    def repository(self, access: Access, writer: Writer) -> BareRepository:
        del access
        return BareRepository(self.path, writer=writer)

    def review(self, access: Access, person: Person) -> BareRepository:
        del access
        return BareRepository(self.path, person=person())

    def issues(self, access: Access) -> LocalIssues:
        del access
        return LocalIssues(self.path)

    def statuses(self, access: Access) -> None:
        del access

    def commits_page(self, before: str, commit: str) -> str:
        return f"{self.page}/log/{before}/{commit}"

    def commit_page(self, commit: str, path: str = "", line: int = 0) -> str:
        return f"{self.page}/show/{commit}/{path}/{line}"

    def look(self, number: int) -> str:
        return f"open the toy box at {number}"

    def decide(self, number: int) -> str:
        return f"shake the toy box at {number}"

    def look_at_issue(self, number: int) -> str:
        return f"{self.page}/broken/{number}"


class ToyKind:
    """How the box is named."""

    owned_on: ClassVar[str] = "the toy box"
    new_folder: ClassVar[Path] = Path("box")

    def creation(self, owner: str, name: str) -> str:
        return f"toys make {owner}/{name}"

    def configured(self, values: Values) -> Toy:
        return Toy(Path(values.get("forge.folder", "box")), values.get("github.owner", ""))

    def problems(self, values: Values) -> Iterable[tuple[str, Problem]]:
        if values.get("forge") == "toy" and "forge.folder" not in values:
            yield "forge", Problem("setting", "a toy box is a folder", Position(""), "name it")

    def credentials(self, values: Values) -> Credentials:
        return Credentials({"toys.example": values.get("forge.api", "")})

    def identified(self, identity: Mapping[str, object], values: Values) -> ToyPlace | None:
        del values
        if "toy" not in identity:
            return None
        return ToyPlace(Toy(Path(str(identity["toy"]))), str(identity["repository"]))

    def named(self, given: str, environ: Mapping[str, str]) -> ToyPlace | None:
        del environ
        if not given.startswith("toy:"):
            return None
        path = Path(given.removeprefix("toy:"))
        return ToyPlace(Toy(path.parent), path.stem)
