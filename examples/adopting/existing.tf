# Writes an import block for every connection that the control plane has.
data "riva_connections" "all" {}

output "imports" {
  value = join("\n", [for c in data.riva_connections.all.connections : <<-BLOCK
    import {
      to = riva_connection.${replace(lower(c.name), "/[^0-9a-z]+/", "_")}
      id = "${c.id}"
    }
  BLOCK
  ])
}
