"""The command `suyuan`: what it takes, what it prints, how it fails. A module a command or a thing shown."""
