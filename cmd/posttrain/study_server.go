package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/posttrain/posttrain/core/checkpoint"
	"github.com/posttrain/posttrain/core/study/queue"
)

// remote has the flags that say where the queue of a study is.
type remote struct {
	NATS  string `name:"nats" placeholder:"URL" help:"Use this NATS server, such as nats://host:4222 (tls://host:4222 with TLS), instead of one inside this process."`
	Creds string `name:"nats-creds" type:"path" placeholder:"FILE" help:"Credentials for the NATS server."`
}

func (r remote) dial() (*nats.Conn, error) {
	if r.Creds != "" && r.NATS == "" {
		return nil, usage(errors.New("--nats-creds needs --nats URL: which server are they for?"))
	}
	return queue.Dial(queue.Access{URL: r.NATS, Creds: r.Creds})
}

// serverAddress is the content of a study's server.json: how workers on other machines reach the
// server inside the process that runs the study. Only the owner of the file can read it.
type serverAddress struct {
	URLs        []string `json:"urls"`
	Token       string   `json:"token"`
	Certificate string   `json:"certificate"` // PEM, made for this server alone
}

// certifiedName is the name in the certificates of servers. Workers ask for it whatever the
// address is, since only the certificate in server.json counts.
const certifiedName = "posttrain"

// startServer starts the server inside this process, for the study in a folder. With an address to
// listen at, it writes server.json, which is removed by the function that stops the server.
func startServer(dir, listen string) (s *queue.Server, stop func(), err error) {
	o := queue.ServerOptions{Folder: filepath.Join(dir, queueFolder), Listen: listen}
	var address serverAddress
	if listen != "" {
		if address, o.TLS, err = newAddress(); err != nil {
			return nil, nil, err
		}
		o.Token = address.Token
	}
	if s, err = queue.Start(o); err != nil {
		return nil, nil, err
	}
	path := filepath.Join(dir, serverFile)
	if listen == "" {
		return s, s.Close, nil
	}
	address.URLs = reachable(listen, s.Port())
	if err := writeAddress(path, address); err != nil {
		s.Close()
		return nil, nil, err
	}
	return s, func() {
		_ = os.Remove(path) // one that stays leads nowhere, and workers go on looking
		s.Close()
	}, nil
}

// newAddress returns a token and a certificate, and the same as the server uses it.
func newAddress() (a serverAddress, server *tls.Config, err error) {
	token := make([]byte, 32)
	if _, err := rand.Read(token); err != nil {
		return a, nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return a, nil, err
	}
	const years = 10 * 365 * 24 * time.Hour
	template := &x509.Certificate{SerialNumber: big.NewInt(1),
		Subject: pkix.Name{CommonName: certifiedName}, DNSNames: []string{certifiedName},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(years),
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, IsCA: true,
		BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return a, nil, err
	}
	certificate := tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
	return serverAddress{Token: hex.EncodeToString(token),
			Certificate: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))},
		&tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS13}, nil
}

// reachable returns the URLs at which other machines may reach a server that listens: at the host
// that was given, or else at every address of this machine. The server listens at IPv4 addresses
// then.
func reachable(listen string, port int) (urls []string) {
	url := func(host string) {
		urls = append(urls, "tls://"+net.JoinHostPort(host, strconv.Itoa(port)))
	}
	host, _, _ := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		url(host)
		return urls
	}
	if name, err := os.Hostname(); err == nil {
		url(name)
	}
	addresses, _ := net.InterfaceAddrs() // without them there is the name
	for _, a := range addresses {
		if ip, ok := a.(*net.IPNet); ok && ip.IP.To4() != nil && ip.IP.IsGlobalUnicast() {
			url(ip.IP.String())
		}
	}
	url("127.0.0.1") // for workers on the same machine, if it has no network
	return urls
}

// writeAddress writes server.json so that only its owner can read it.
func writeAddress(path string, a serverAddress) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	const ownersOnly = 0o600
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, ownersOnly)
	if err == nil {
		err = errors.Join(f.Chmod(ownersOnly), f.Close())
	}
	if err != nil {
		return err
	}
	return checkpoint.WriteFile(path, append(text, '\n')) // which keeps the permissions
}

// errNoServer is wrapped by the error about a folder in which no server is named.
var errNoServer = errors.New("no process runs the study")

// dialFolder connects to the server of the process that runs the study in a folder.
func dialFolder(env *environment, dir string) (*nats.Conn, error) {
	const most, patience = 1 << 20, 2 * time.Second
	text, err := checkpoint.ReadFile(env, filepath.Join(dir, serverFile), most)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(text) == 0 {
		return nil, fmt.Errorf("%w in %s", errNoServer, dir)
	} else if err != nil {
		return nil, err
	}
	var a serverAddress
	roots := x509.NewCertPool()
	if json.Unmarshal(text, &a) != nil || len(a.URLs) == 0 ||
		!roots.AppendCertsFromPEM([]byte(a.Certificate)) {
		return nil, fmt.Errorf("%s is damaged: remove it and run the study again",
			filepath.Join(dir, serverFile))
	}
	return queue.Dial(queue.Access{URL: strings.Join(a.URLs, ","), Token: a.Token,
		TLS: &tls.Config{RootCAs: roots, ServerName: certifiedName,
			MinVersion: tls.VersionTLS13},
		Patience: patience})
}
