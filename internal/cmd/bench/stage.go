package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

//go:embed configurations/*.tf
var texts embed.FS

// The kinds of subjects.
const (
	kindData        = "terraform_data"
	kindRandom      = "random_id"
	kindConnections = "connections"
	kindVerified    = "verified connections"
	kindImported    = "imported connections"
	kindUsers       = "users"
	// The schema of the provider depends neither on the control plane nor on the resources.
	kindProvider = "this provider"
)

// password is the secret of all connections. The stand-in accepts it.
const password = "measured-Password!"

// place is a control plane that subjects use; the zero value is for subjects without one.
type place struct {
	name string
	env  map[string]string
	// server counts the calls; nil without a control plane or with an embedded one.
	server *countingServer
}

// configuration is what one subject measures.
type configuration struct {
	kind  string
	at    place
	files []string
}

// stage has the subjects of one round, and the servers that they use.
type stage struct {
	size     int
	settings settings
	root     string // has the control planes
	exchange *exchange.Server
	servers  []*countingServer
	cluster  *postgrestest.Cluster // nil without PostgreSQL
	subjects []*subject
}

// newStage starts the servers and creates the subjects with initialized working directories. The caller closes the stage.
func newStage(ctx context.Context, s settings, size int) (st *stage, err error) {
	st = &stage{size: size, settings: s}
	defer func() {
		if err != nil {
			st, err = nil, errors.Join(err, st.close())
		}
	}()
	if st.root, err = os.MkdirTemp("", "riva-bench-"); err != nil {
		return st, fmt.Errorf("create a directory: %w", err)
	}
	configurations := []configuration{
		{kind: kindData, files: []string{"terraform_data.tf"}},
		{kind: kindRandom, files: []string{"random_id.tf"}},
		{kind: kindProvider, files: []string{"users.tf"}},
	}
	configurations = append(configurations, managed(st.embedded("created"))...)
	verified, err := st.verified()
	if err != nil {
		return st, err
	}
	configurations = append(configurations, verified)
	if s.postgres {
		database, err := st.database(ctx)
		if err != nil {
			return st, err
		}
		configurations = append(configurations, managed(database)...)
	}
	for _, roundTrip := range s.roundTrips {
		served, err := st.serve(ctx, roundTrip)
		if err != nil {
			return st, err
		}
		configurations = append(configurations, managed(served)...)
	}
	for _, c := range configurations {
		if c.kind == kindRandom && s.random == "" {
			continue
		}
		if err := st.add(ctx, c); err != nil {
			return st, err
		}
	}
	return st, nil
}

// embedded returns an embedded control plane of this name.
func (st *stage) embedded(name string) place {
	return place{name: "embedded", env: map[string]string{
		"RIVA_DATA_DIR": filepath.Join(st.root, name),
		"RIVA_KEYSET":   filepath.Join(st.root, name+".keyset.json"),
	}}
}

// database starts PostgreSQL, and returns an embedded control plane on it. What is committed is on the disk, as in production.
func (st *stage) database(ctx context.Context) (_ place, err error) {
	if st.cluster, err = postgrestest.StartCluster("fsync=on", "full_page_writes=on"); err != nil {
		return place{}, fmt.Errorf("start PostgreSQL (-postgres=false leaves it out): %w", err)
	}
	address, keyset := st.cluster.Address("postgres"), filepath.Join(st.root, "database.keyset.json")
	if _, _, err := storage.CreateKeyset(ctx, keyset); err != nil {
		return place{}, fmt.Errorf("create a keyset: %w", err)
	}
	_, err = storage.Migrate(ctx, storage.Options{
		DatabaseURL: address, Keyset: keyset, Version: "bench", Systems: catalog.All(),
	})
	if err != nil {
		return place{}, fmt.Errorf("create the tables: %w", err)
	}
	return place{
		name: "embedded, PostgreSQL", env: map[string]string{"RIVA_DATABASE_URL": address, "RIVA_KEYSET": keyset},
	}, nil
}

// managed lists the configurations that use one control plane. The imported connections are the created ones, in a second state.
// The baseline is measured again after them, because the load of the machine changes during a round.
func managed(at place) []configuration {
	return []configuration{
		{kindConnections, at, []string{"connections.tf"}},
		{kindImported, at, []string{"connections.tf", "import.tf"}},
		{kindUsers, at, []string{"users.tf"}},
		{kind: kindRandom, files: []string{"random_id.tf"}},
	}
}

// verified starts a stand-in for Exchange, and returns the configuration of connections that sign in to it. Each has its own
// account.
func (st *stage) verified() (configuration, error) {
	accounts := make([]ews.Account, st.size)
	for i := range accounts {
		accounts[i] = ews.NewAccount(fmt.Sprintf("svc-riva-%d", i), fmt.Sprintf("Service Account %d", i))
		accounts[i].Password = password
	}
	var err error
	if st.exchange, err = exchange.Start(exchange.Options{Accounts: accounts}); err != nil {
		return configuration{}, fmt.Errorf("start the stand-in: %w", err)
	}
	at := st.embedded("verified")
	at.env["TF_VAR_verify"], at.env["TF_VAR_ews_url"] = "true", st.exchange.URL()
	return configuration{kindVerified, at, []string{"connections.tf"}}, nil
}

// serve starts a control plane that waits for the time of a round trip before each response.
func (st *stage) serve(ctx context.Context, roundTrip time.Duration) (place, error) {
	name := "served-" + strconv.Itoa(len(st.servers))
	plane, err := embedded.Open(ctx, embedded.Options{
		DataDir: filepath.Join(st.root, name), Keyset: filepath.Join(st.root, name+".keyset.json"),
		Version: "bench", Systems: catalog.All(),
	})
	if err != nil {
		return place{}, fmt.Errorf("open a control plane to serve: %w", err)
	}
	server, err := serve(ctx, plane, roundTrip)
	if err != nil {
		return place{}, errors.Join(err, plane.Close())
	}
	st.servers = append(st.servers, server)
	return place{
		name:   fmt.Sprintf("HTTP, %d ms", roundTrip.Milliseconds()),
		env:    map[string]string{"RIVA_ENDPOINT": server.url, "RIVA_TOKEN": "bench", "RIVA_KEYSET": ""},
		server: server,
	}, nil
}

// add adds the subject of a configuration.
func (st *stage) add(ctx context.Context, c configuration) error {
	dir, err := workdir.New(st.settings.terraform, st.settings.provider)
	if err != nil {
		return err
	}
	s := &subject{kind: c.kind, place: c.at.name, server: c.at.server, dir: dir, env: map[string]string{
		"TF_VAR_size": strconv.Itoa(st.size), "TF_VAR_password": password,
	}}
	maps.Copy(s.env, c.at.env)
	st.subjects = append(st.subjects, s)
	if c.kind == kindRandom {
		if err := dir.Install("hashicorp", "random", "3.6.0", st.settings.random); err != nil {
			return err
		}
	}
	for _, file := range c.files {
		text, err := texts.ReadFile("configurations/" + file)
		if err != nil {
			return fmt.Errorf("read a configuration: %w", err)
		}
		if err := dir.Write(file, string(text)); err != nil {
			return err
		}
	}
	_, err = s.terraform(ctx, nil, "init")
	return err
}

func (st *stage) close() error {
	var errs []error
	for _, s := range st.subjects {
		errs = append(errs, s.dir.Remove())
	}
	for _, server := range st.servers {
		errs = append(errs, server.close())
	}
	if st.cluster != nil {
		errs = append(errs, st.cluster.Close())
	}
	if st.exchange != nil {
		errs = append(errs, st.exchange.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(st.root))...)
}
