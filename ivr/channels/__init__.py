"""Where a call comes from: every channel gives 20 ms in and takes 20 ms out."""
