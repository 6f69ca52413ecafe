package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

const (
	// clients is how many clients use the control plane at the same time.
	clients = 50
	// registered is how many clients have credentials: enough to stay below the limit for the access tokens of one client.
	registered = 4 * clients
)

// stage has the processes of a run.
type stage struct {
	settings settings
	root     string
	cluster  *postgrestest.Cluster
	bench    pgbench
	env      []string
	systems  *systems
	issuer   *issuer
	// replicas are the two processes of the control plane.
	replicas []*replica
	// secrets and identities are the requests for tokens of each client, with its secret and with a token of the issuer, and tokens
	// are the access tokens.
	secrets, identities []url.Values
	tokens              []string
	// connectionID and policyID are what is read, and what a cycle runs for.
	connectionID, policyID string
	http                   *http.Client
}

// newStage starts PostgreSQL, the stand-ins and two replicas, and registers the clients.
func newStage(ctx context.Context, s settings) (st *stage, err error) {
	st = &stage{settings: s, http: &http.Client{
		Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 2 * clients},
	}}
	defer func() {
		if err != nil {
			st, err = nil, errors.Join(err, st.close())
		}
	}()
	if st.root, err = os.MkdirTemp("", "riva-bench-serve-"); err != nil {
		return st, fmt.Errorf("create a directory: %w", err)
	}
	// What is committed is on the disk, as in production.
	if st.cluster, err = postgrestest.StartCluster("fsync=on", "full_page_writes=on", "shared_buffers=256MB"); err != nil {
		return st, fmt.Errorf("start PostgreSQL: %w", err)
	}
	if err := st.databases(ctx); err != nil {
		return st, err
	}
	if st.systems, err = startSystems(); err != nil {
		return st, err
	}
	if st.issuer, err = startIssuer(); err != nil {
		return st, fmt.Errorf("start the issuer: %w", err)
	}
	if err := st.fill(ctx); err != nil {
		return st, err
	}
	for range 2 {
		if _, err := st.start(ctx); err != nil {
			return st, err
		}
	}
	err = st.requestTokens(ctx)
	return st, err
}

// databases makes the database of pgbench, and that of the control plane with its keyset.
func (st *stage) databases(ctx context.Context) error {
	for _, name := range []string{"pgbench", "riva"} {
		if err := st.execute(ctx, "postgres", "CREATE DATABASE "+name); err != nil {
			return err
		}
	}
	programs, err := postgrestest.Programs()
	if err != nil {
		return err
	}
	st.bench = pgbench{programs: programs, address: st.cluster.Address("pgbench")}
	if err := st.bench.initialize(ctx); err != nil {
		return err
	}
	keyset := filepath.Join(st.root, "keyset.json")
	if _, _, err := storage.CreateKeyset(ctx, keyset); err != nil {
		return fmt.Errorf("create a keyset: %w", err)
	}
	st.env = []string{"RIVA_DATABASE_URL=" + st.cluster.Address("riva"), "RIVA_KEYSET=" + keyset}
	_, err = storage.Migrate(ctx, storage.Options{
		DatabaseURL: st.cluster.Address("riva"), Keyset: keyset, Version: "bench", Systems: catalog.All(),
	})
	if err != nil {
		return fmt.Errorf("create the tables: %w", err)
	}
	return nil
}

// fill registers the clients, and creates the connections, the policy and its users.
func (st *stage) fill(ctx context.Context) (err error) {
	control, err := embedded.Open(ctx, embedded.Options{
		DatabaseURL: st.cluster.Address("riva"), Keyset: filepath.Join(st.root, "keyset.json"), Version: "bench",
		Systems: catalog.All(),
	})
	if err != nil {
		return fmt.Errorf("open the control plane: %w", err)
	}
	defer func() { err = errors.Join(err, control.Close()) }()
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		return err
	}
	for i := range registered {
		if err := st.register(ctx, client, fmt.Sprintf("bench-%d", i)); err != nil {
			return fmt.Errorf("register a client: %w", err)
		}
	}
	crm, mail := st.systems.connections()
	crmConnection, err := client.CreateConnection(ctx, crm)
	if err != nil {
		return fmt.Errorf("create a connection: %w", err)
	}
	mailConnection, err := client.CreateConnection(ctx, mail)
	if err != nil {
		return fmt.Errorf("create a connection: %w", err)
	}
	policy, err := client.CreatePolicy(ctx, api.CreatePolicy{
		Name: "Measured", CRMConnectionID: &crmConnection.ID, EmailConnectionID: &mailConnection.ID, Enabled: true,
		IntervalSeconds: 86400,
	})
	if err != nil {
		return fmt.Errorf("create a sync policy: %w", err)
	}
	st.policyID = policy.ID
	verify := false
	read, err := client.CreateConnection(ctx, api.CreateConnection{
		Name: "Read", System: mail.System, Verify: &verify, Credentials: mail.Credentials,
		Settings: map[string]string{"ews_url": "https://mail.example.com/EWS/Exchange.asmx", "username": "svc-riva@example.com"},
	})
	if err != nil {
		return fmt.Errorf("create a connection: %w", err)
	}
	st.connectionID = read.ID
	return st.members(ctx, client)
}

// register registers a client with a secret, which also trusts the issuer for a subject with its name.
func (st *stage) register(ctx context.Context, client *api.Client, name string) error {
	scopes := []api.Scope{api.ScopeRead, api.ScopeWrite}
	issued, err := client.CreateClient(ctx, api.CreateRegisteredClient{Name: name, Scopes: scopes})
	if err != nil {
		return err
	}
	_, err = client.TrustIssuer(ctx, issued.Client.ID, api.TrustIssuer{
		Issuer: st.issuer.server.URL, Audience: publicURL, Subject: name, Scopes: scopes,
	})
	if err != nil {
		return err
	}
	identity, err := st.issuer.identity(name)
	if err != nil {
		return err
	}
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {issued.Client.ID}}
	withSecret, withIdentity := maps.Clone(form), maps.Clone(form)
	withSecret.Set("client_secret", string(issued.Secret))
	withIdentity.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	withIdentity.Set("client_assertion", identity)
	st.secrets, st.identities = append(st.secrets, withSecret), append(st.identities, withIdentity)
	return nil
}

// members adds the users of the policy: copies of one that the control plane created.
func (st *stage) members(ctx context.Context, client *api.Client) error {
	first, err := client.CreateUser(ctx, api.CreateUser{Email: memberAddress(0), Enabled: true, SyncPolicyID: &st.policyID})
	if err != nil {
		return fmt.Errorf("create a user: %w", err)
	}
	//nolint:unqueryvet // the columns are those of the table, whichever it has
	return st.execute(ctx, "riva", fmt.Sprintf(`INSERT INTO riva.users SELECT filled.* FROM riva.users first,
		generate_series(1, %d) i, LATERAL jsonb_populate_record(first, jsonb_build_object(
			'id', '0190a000-0000-7000-8000-' || lpad(CAST(i AS TEXT), 12, '0'),
			'email', 'member' || i || '@example.com', 'email_folded', 'member' || i || '@example.com')) filled
		WHERE first.id = '%s'`, st.settings.users-1, first.ID))
}

// start starts a replica.
func (st *stage) start(ctx context.Context) (*replica, error) {
	r, err := startReplica(ctx, st.settings.binary, st.env, "--public-url", publicURL, "--allow-target", "127.0.0.1",
		"--trusted-proxies", "127.0.0.1/32",
		"--log-level", "warn")
	if r != nil {
		st.replicas = append(st.replicas, r)
	}
	return r, err
}

// publicURL is the address that both replicas have for their clients. Only their tokens contain it.
const publicURL = "http://127.0.0.1:8080"

// requestTokens gets an access token for each client.
func (st *stage) requestTokens(ctx context.Context) error {
	for i := range clients {
		token, err := st.token(ctx, i)
		if err != nil {
			return err
		}
		st.tokens = append(st.tokens, token)
	}
	return nil
}

// tokenRequest asks for an access token as a registered client behind an address of its own.
func (st *stage) tokenRequest(ctx context.Context, client int, forms []url.Values) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, st.replicas[0].url+"/oauth/token",
		strings.NewReader(forms[client].Encode()))
	if err == nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Forwarded-For", fmt.Sprintf("192.0.2.%d", client))
	}
	return request, err
}

// execute runs a statement as the owner of the cluster.
func (st *stage) execute(ctx context.Context, database, statement string) error {
	return st.connected(ctx, database, func(c *pgx.Conn) error {
		_, err := c.Exec(ctx, statement)
		return err
	})
}

// query reads one value from the database of the control plane.
func (st *stage) query(ctx context.Context, into any, statement string, args ...any) error {
	return st.connected(ctx, "riva", func(c *pgx.Conn) error { return c.QueryRow(ctx, statement, args...).Scan(into) })
}

func (st *stage) connected(ctx context.Context, database string, do func(*pgx.Conn) error) (err error) {
	connection, err := pgx.Connect(ctx, st.cluster.Address(database))
	if err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, connection.Close(ctx)) }()
	if err := do(connection); err != nil {
		return fmt.Errorf("database %s: %w", database, err)
	}
	return nil
}

func (st *stage) close() error {
	var errs []error
	for _, r := range st.replicas {
		errs = append(errs, r.stop())
	}
	if st.issuer != nil {
		st.issuer.server.Close()
	}
	if st.systems != nil {
		errs = append(errs, st.systems.close())
	}
	if st.cluster != nil {
		errs = append(errs, st.cluster.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(st.root))...)
}
