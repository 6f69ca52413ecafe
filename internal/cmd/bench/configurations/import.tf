import {
  for_each = { for i in range(var.size) : tostring(i) => i }

  to = riva_connection.measured[each.value]
  id = "name=Connection ${each.value}"
}
