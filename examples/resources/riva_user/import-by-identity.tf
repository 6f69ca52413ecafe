import {
  to = riva_user.ada
  identity = {
    id = "0192f0c1-9a02-7d3f-b1c4-55e0f2a8c913"
  }
}
