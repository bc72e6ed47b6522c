"""The builder: its rules one by one, and that what it derives does not depend on how events came."""
