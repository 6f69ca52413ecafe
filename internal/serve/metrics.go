package serve

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// metrics are what is counted. All labels are of small sets: operations of the contract, systems of the catalog, codes of faults,
// states. Names of connections and clients are never labels.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	signIns   *prometheus.CounterVec
	tests     *prometheus.CounterVec
	cycles    *prometheus.CounterVec
	running   prometheus.Gauge
	people    *prometheus.CounterVec
	tokens    *prometheus.CounterVec
}

// none is the label for what has no name: a test without a fault, an address without a route.
const none = "none"

func newMetrics(version string) *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	}
	gauge := func(name, help string) prometheus.Gauge {
		return prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	}
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: counter("riva_http_requests_total", "Requests, by operation and status of the response.", "operation", "status"),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "riva_http_request_duration_seconds", Help: "Time from the request to the end of its response, by operation.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"operation"}),
		inFlight: gauge("riva_http_requests_in_flight", "Requests that are being handled."),
		signIns: counter("riva_sign_ins_total", "Sign-ins at target systems, by system and fault; the fault none is a success.",
			"system", "fault"),
		tests: counter("riva_connection_tests_total", "Tests of connections, by system, test and fault; the fault none is a test "+
			"that passed.", "system", "test", "fault"),
		cycles:  counter("riva_cycles_total", "Full sync cycles that ended in this process, by state.", "state"),
		running: gauge("riva_cycles_running", "Full sync cycles that this process runs."),
		people: counter("riva_person_sign_ins_total", "People who came back from the sign-in of a target system, by system and end.",
			"system", "end"),
		tokens: counter("riva_tokens_total", "Requests for an access token, by method and result.", "method", "result"),
	}
	build := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "riva_build_info", Help: "The version of this program; always 1.", ConstLabels: prometheus.Labels{"version": version},
	}, func() float64 { return 1 })
	m.registry.MustRegister(m.requests, m.durations, m.inFlight, m.signIns, m.tests, m.cycles, m.running, m.people, m.tokens, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// addCertificate adds when the certificate of the listener expires.
func (m *metrics) addCertificate(c *certificate) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "riva_tls_certificate_expiry_timestamp_seconds", Help: "When the certificate of the listener expires, in Unix time.",
	}, func() float64 { return float64(c.expires().Unix()) }))
}

// queueTimeout limits a look at the queue.
const queueTimeout = 3 * time.Second

// addQueue adds how many cycles wait, which is not a number while the database is out of reach. Each replica reports the same.
func (m *metrics) addQueue(waiting func(context.Context) (int, error)) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "riva_cycles_waiting", Help: "Full sync cycles that wait for a process, over all processes.",
	}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), queueTimeout)
		defer cancel()
		n, err := waiting(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	}))
}

// handler serves the metrics.
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	options := promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second}
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, options))
	return mux
}

// count counts the requests of a handler. What each of them was is known after its end.
func (m *metrics) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.inFlight.Inc()
		defer m.inFlight.Dec()
		next.ServeHTTP(w, r.WithContext(server.Observe(r.Context(), m.requested)))
	})
}

func (m *metrics) requested(o server.Observation) {
	operation := o.Operation
	if operation == "" {
		operation = none
	}
	m.requests.WithLabelValues(operation, statusLabel(o.Status)).Inc()
	m.durations.WithLabelValues(operation).Observe(o.Duration.Seconds())
}

// statusLabel is a status of three digits; a response that was never begun has none.
func statusLabel(status int) string {
	if status < 100 || status > 599 {
		return none
	}
	return strconv.Itoa(status)
}

// SignedIn, Tested, CycleTaken, CycleLeft, CycleEnded and PersonSignedIn make it an observer of the engine.
func (m *metrics) SignedIn(system string, fault target.Code) {
	m.signIns.WithLabelValues(system, faultLabel(fault)).Inc()
}

// Tested counts a test.
func (m *metrics) Tested(system string, test target.Test, fault target.Code) {
	m.tests.WithLabelValues(system, string(test), faultLabel(fault)).Inc()
}

// CycleTaken counts a running cycle.
func (m *metrics) CycleTaken() { m.running.Inc() }

// CycleLeft ends what CycleTaken counted.
func (m *metrics) CycleLeft() { m.running.Dec() }

// CycleEnded counts the end of a cycle.
func (m *metrics) CycleEnded(state string) { m.cycles.WithLabelValues(state).Inc() }

// PersonSignedIn counts a person who came back.
func (m *metrics) PersonSignedIn(system, end string) {
	if system == "" {
		system = none
	}
	m.people.WithLabelValues(system, end).Inc()
}

// tokenRequested counts a request for an access token.
func (m *metrics) tokenRequested(method, result string) {
	m.tokens.WithLabelValues(method, result).Inc()
}

func faultLabel(fault target.Code) string {
	if fault == "" {
		return none
	}
	return string(fault)
}
