"""The laws of answers (design §7), judged on simulated worlds whose truth is known."""
