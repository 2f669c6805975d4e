"""One delivery in a process of its own, which tests kill.

Arguments: address of the server, folder of the cache, and the files as JSON; the token is
in the environment.
"""

import json
import os
import sys
from pathlib import Path

from kalypso.delivery.deliver import deliver
from kalypso.delivery.github import GitHubForge
from kalypso.delivery.github_place import GitHub, GitHubPlace
from kalypso.delivery.proposal import Proposal
from kalypso.git.credentials import Credentials
from kalypso.git.remote import Access
from tests.delivery.platform import owns_folders


def main() -> None:
    url, repository, cache, files = sys.argv[1:]
    owner, _, name = repository.partition("/")
    credentials = Credentials({url.removeprefix("http://"): os.environ["TOKEN"]})
    access = Access(credentials=credentials, cache=Path(cache))
    forge = GitHubForge(GitHubPlace(GitHub(url), owner, name), access)
    proposal = Proposal(
        environment="dev", branch="dev", files=json.loads(files), planner=owns_folders
    )
    standing = deliver(forge, proposal)
    sys.stdout.write(f"{standing.step}\n")


if __name__ == "__main__":
    main()
