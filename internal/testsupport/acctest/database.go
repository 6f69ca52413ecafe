package acctest

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
)

// databaseVariable is ephemeral, since the address of a database has a password.
const databaseVariable = `
variable "database_url" {
  type      = string
  ephemeral = true
  sensitive = true
}
`

// UseDatabase moves the control plane of the environment to the PostgreSQL database at the address: it creates a keyset and the
// tables.
func (env *Environment) UseDatabase(address string) *Environment {
	env.t.Helper()
	_, _, err := storage.CreateKeyset(env.t.Context(), env.Keyset)
	if err == nil {
		_, err = storage.Migrate(env.t.Context(), storage.Options{
			DatabaseURL: address, Keyset: env.Keyset, Version: Version, Systems: env.Systems,
		})
	}
	if err != nil {
		env.t.Fatalf("create the tables of the database: %v", err)
	}
	env.DatabaseURL = address
	return env
}
