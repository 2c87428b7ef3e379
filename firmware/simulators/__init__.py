"""Three engines that run a firmware: `core` (unicorn, in process), `qemu` and `renode`."""
