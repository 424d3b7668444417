package queue

import (
	"cmp"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
)

// ServerOptions are the options of a server that is a part of this process.
type ServerOptions struct {
	Folder string // where it keeps its streams

	// Listen is the address at which it accepts connections, such as ":4222". "" means that it
	// opens no port, so that only this process can use it.
	Listen string
	Token  string      // which clients that connect to the port must have
	TLS    *tls.Config // of the port
}

// Server is a NATS server with JetStream in this process.
type Server struct {
	server *server.Server
	log    *serverLog
	token  string
}

// Start starts a server. The caller must call Close.
func Start(o ServerOptions) (*Server, error) {
	const (
		memory  = 64 << 20 // everything of ours is in files
		payload = 8 << 20  // of a message: an outcome with a long curve
		starts  = 30 * time.Second
	)
	if err := os.MkdirAll(o.Folder, 0o755); err != nil {
		return nil, err
	}
	settings := &server.Options{ServerName: "posttrain", DontListen: true, NoLog: true,
		NoSigs: true, JetStream: true, StoreDir: o.Folder, JetStreamMaxMemory: memory,
		MaxPayload: payload, DisableJetStreamBanner: true}
	if o.Listen != "" {
		host, port, err := net.SplitHostPort(o.Listen)
		n, numberErr := strconv.Atoi(port)
		if err != nil || numberErr != nil || n < 0 || n > 1<<16-1 {
			return nil, fmt.Errorf("%q is no address to listen at: want HOST:PORT, such as :4222",
				o.Listen)
		}
		if n == 0 {
			n = server.RANDOM_PORT
		}
		settings.DontListen, settings.Host, settings.Port = false, cmp.Or(host, "0.0.0.0"), n
		settings.Authorization, settings.TLSConfig = o.Token, o.TLS
		settings.TLSTimeout = 10 // seconds
	}
	s, err := server.NewServer(settings)
	if err != nil {
		return nil, fmt.Errorf("the queue's server cannot start: %w", err)
	}
	started := &Server{s, &serverLog{}, o.Token}
	s.SetLoggerV2(started.log, false, false, false)
	s.Start()
	if !s.JetStreamEnabled() || !s.ReadyForConnections(starts) {
		started.Close()
		return nil, fmt.Errorf("the queue's server cannot start in %s: %s", o.Folder,
			cmp.Or(started.log.first(), "it is not ready"))
	}
	return started, nil
}

// Trouble returns the first error that the server has reported, or "" if there was none. It may be
// why calls are not answered, such as a disk that is full.
func (s *Server) Trouble() string { return s.log.first() }

// Port returns the port at which the server listens, or 0 if it opens none.
func (s *Server) Port() int {
	if at, ok := s.server.Addr().(*net.TCPAddr); ok && at != nil {
		return at.Port
	}
	return 0
}

// Connect returns a connection that needs no port.
func (s *Server) Connect() (*nats.Conn, error) {
	options := []nats.Option{nats.Name("posttrain"), nats.InProcessServer(s.server),
		silent}
	if s.token != "" {
		options = append(options, nats.Token(s.token))
	}
	nc, err := nats.Connect("", options...)
	if err != nil {
		return nil, fmt.Errorf("the queue's server: %w", err)
	}
	return nc, nil
}

// Close stops the server. What its streams hold stays in the folder.
func (s *Server) Close() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
}

// serverLog keeps the first error of a server, which reports what is wrong by its log alone.
type serverLog struct {
	mu   sync.Mutex
	text string
}

func (l *serverLog) first() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text
}

// Errorf keeps the error, if it is the first.
func (l *serverLog) Errorf(format string, v ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = cmp.Or(l.text, fmt.Sprintf(format, v...))
}

// Fatalf keeps the error, if it is the first. The program goes on.
func (l *serverLog) Fatalf(format string, v ...any) { l.Errorf(format, v...) }

// Noticef does nothing.
func (*serverLog) Noticef(string, ...any) {}

// Warnf does nothing.
func (*serverLog) Warnf(string, ...any) {}

// Debugf does nothing.
func (*serverLog) Debugf(string, ...any) {}

// Tracef does nothing.
func (*serverLog) Tracef(string, ...any) {}

// silent keeps a connection from printing its errors, which the calls that fail return too.
var silent = nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {})

// Access is how a server elsewhere is reached.
type Access struct {
	URL   string // such as nats://host:4222 or tls://host:4222; several are tried in their order
	Creds string // path of a NATS credentials file; "" means none
	Token string // "" means none
	TLS   *tls.Config

	// Patience is how long a connection that is lost is tried to be made again, after which it
	// counts as closed. 0 means forever.
	Patience time.Duration
}

// Dial connects to a server.
func Dial(a Access) (*nats.Conn, error) {
	const pause = time.Second
	tries := -1
	if a.Patience > 0 {
		tries = int(a.Patience / pause)
	}
	options := []nats.Option{nats.Name("posttrain"), nats.MaxReconnects(tries),
		nats.ReconnectWait(pause), nats.DontRandomize(), silent}
	if a.Creds != "" {
		if _, err := os.Stat(a.Creds); err != nil {
			return nil, err
		}
		options = append(options, nats.UserCredentials(a.Creds))
	}
	if a.Token != "" {
		options = append(options, nats.Token(a.Token))
	}
	if a.TLS != nil {
		options = append(options, nats.Secure(a.TLS))
	}
	nc, err := nats.Connect(a.URL, options...)
	if errors.Is(err, nats.ErrNoServers) {
		err = errors.New("there is no server: want the URL of a NATS server that runs, such as " +
			"nats://localhost:4222")
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", a.URL, err)
	}
	return nc, nil
}
