"""git, and what skillgit keeps in it.

In the tree of a commit (history; pushed, cloned, merged):

    Users/<user>/<skill>/SKILL.md     a user's skill, with the files beside it
    Users/<user>/<xx>/<skill>/...     the same, where a user has more than 1,000 skills (`layout.py`)
    Common/<skill>/SKILL.md           a shared skill kept in this repository
    Common/<library>/...              a shared library: a submodule, or a folder of skills
    .gitattributes                    `SKILL.md merge=skillgit diff=skillgit`
    skillgit.toml                     policy that travels; never an address, a command or a key

As refs:

    refs/heads/<branch>               every decision is a commit on a branch (`message.py` is its grammar)
    refs/heads/learn/<user>/<date>    decisions that wait for review, where the policy says so
    refs/skillgit/proposals/<id>      decisions that met edits of the user's; not pushed by default
    refs/skillgit/evidence            the turns that decisions quote (`evidence.py`); not pushed by default
    refs/skillgit/discards            discards, where the policy wants them out of the branch
    refs/skillgit/pins/<oid>          of a library's own repository: commits that were pinned (`submodule.py`)

In the git directory (derived or private; deleting it costs time, never an answer):

    .git/skillgit/lock                held while a branch is moved; names the holder's pid
    .git/skillgit/push.lock           held during a push or a pull, while the remote is talked to
    .git/skillgit/libraries.lock      held while a library is fetched into its store
    .git/skillgit/propose.lock        held while a server proposes what it has learned
    .git/skillgit/intent              what is being brought into a work tree just now (`worktree.py`)
    .git/skillgit/rewriting           which refs move to a history that was rewritten (`prune.py`)
    .git/skillgit/landed              what was brought into indexes within the last minute (`overlap.py`)
    .git/skillgit/boot                the start of the machine after which loose objects were read (`boot.py`)
    .git/skillgit/stale/              lock files that a git left and somebody put away (`locks.py`)
    .git/skillgit/merges/             merges that were worked out before git asks for them (`prepared.py`)
    .git/skillgit/usage.db            who was given which skill; nothing else can make it again
    .git/skillgit/chats.db            what was said in chats, until it is deleted; private
    .git/skillgit/keys.json           digests of the keys of those who are served; private
    .git/skillgit/web-secret          what sessions on the pages are signed with; private
    .git/skillgit/spool/inbox         what agents' hooks have said and nobody has read yet; private
    .git/skillgit/undecided/          conversations that a model gave no answer about; private
    .git/skillgit/jobs.db             which sessions of agents are to be learned from, and which failed
    .git/skillgit/serve.db            what a server is to learn from; private
    .git/skillgit/rate.db, tokens.db  how much was asked of servers and of models, by minute and by day
    .git/skillgit/answering/          which conversations have an answer under way
    .git/skillgit/sessions.db         which sessions of agents were read
    .git/skillgit/links.json          what was put into agents' folders (`links.lock` is held meanwhile)
    .git/skillgit/agents.json         what was put into agents' settings
    .git/skillgit/index/              words and vectors, keyed by blob oid
    .git/skillgit/ledger*.db          attempts, versions and rejections that a history holds, of three commits at most

The format has number 1: `git config skillgit.format`. A higher one is refused, not guessed at.
`git gc` may drop what no ref reaches; nothing above depends on an unreachable object.
"""

FORMAT = 1
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
PROPOSALS = "refs/skillgit/proposals/"
