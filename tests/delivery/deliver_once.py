"""One delivery in a process of its own, which tests kill, interrupt, or give little room.

Arguments: address of the server, repository, folder of the cache, and the files as JSON, or a
dash if they come by standard input; the token is in the environment. It ends as the commands
do: 0, 2 with a message, or 130.
"""

import json
import os
import sys
from pathlib import Path

from kalypso.delivery.proposal import Proposal
from kalypso.delivery.steps import deliver
from kalypso.errors import KalypsoError
from kalypso.forge.github.place import GitHub, GitHubPlace
from kalypso.forge.github.repository import GitHubRepository
from kalypso.git.credentials import Credentials
from kalypso.git.remote import Access
from tests.delivery.platform import owns_folders

FAILED, INTERRUPTED = 2, 130


def main() -> None:
    url, repository, cache, given = sys.argv[1:]
    files = json.loads(sys.stdin.read() if given == "-" else given)
    owner, _, name = repository.partition("/")
    credentials = Credentials({url.removeprefix("http://"): os.environ["TOKEN"]})
    access = Access(credentials=credentials, cache=Path(cache))
    forge = GitHubRepository(GitHubPlace(GitHub(url), owner, name), access)
    proposal = Proposal(environment="dev", branch="dev", files=files, planner=owns_folders)
    try:
        standing = deliver(forge, proposal)
    except KalypsoError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(FAILED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    sys.stdout.write(f"{standing.step}\n")


if __name__ == "__main__":
    main()
