import {
  to = riva_sync_policy.mail
  identity = {
    id = "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41"
  }
}
