package guide

// Data is what a program answers from that carries no studies itself, such as the page's.
type Data struct {
	Studies  []Study             `json:"studies"`
	Exhibits map[string][]string `json:"exhibits"` // names by task
}

// Tell answers a question in words. The error says in one sentence what would be accepted.
func (d Data) Tell(a Asked) (Text, error) {
	s, err := a.Parse()
	if err != nil {
		return Text{}, err
	}
	return Ask(d.Studies, s).Text(d.Exhibits), nil
}
