import {
  to = riva_connection.mail
  identity = {
    id = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"
  }
}
