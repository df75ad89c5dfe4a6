package project

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/tenantvet/tenantvet/examples/service/internal/web"
)

// Handler serves projects and their settings. It asks nobody who the caller is:
// the routes stand behind the guards, and the stores take the scope from the
// context.
type Handler struct {
	Projects *Store
	Settings *Settings
}

// List serves all projects.
func (h Handler) List(w http.ResponseWriter, r *http.Request) {
	all, err := h.Projects.List(r.Context())
	web.Reply(w, http.StatusOK, all, err)
}

// Create adds a project.
func (h Handler) Create(w http.ResponseWriter, r *http.Request) {
	p, err := web.Read[Project](r)
	if err == nil {
		err = h.Projects.Create(r.Context(), p)
	}
	web.Reply(w, http.StatusCreated, p, err)
}

// Show serves a project.
func (h Handler) Show(w http.ResponseWriter, r *http.Request) {
	p, err := h.Projects.Find(r.Context(), chi.URLParam(r, "project"))
	web.Reply(w, http.StatusOK, p, err)
}

// Rename changes the name of a project.
func (h Handler) Rename(w http.ResponseWriter, r *http.Request) {
	p, err := web.Read[Project](r)
	if err == nil {
		p.ID = chi.URLParam(r, "project")
		err = h.Projects.Rename(r.Context(), p.ID, p.Name)
	}
	web.Reply(w, http.StatusOK, p, err)
}

// Delete removes a project.
func (h Handler) Delete(w http.ResponseWriter, r *http.Request) {
	err := h.Projects.Delete(r.Context(), chi.URLParam(r, "project"))
	web.Reply(w, http.StatusOK, nil, err)
}

// ShowSettings serves the settings of a project.
func (h Handler) ShowSettings(w http.ResponseWriter, r *http.Request) {
	v, err := h.Settings.Get(r.Context(), chi.URLParam(r, "project"))
	web.Reply(w, http.StatusOK, v, err)
}

// ChangeSettings replaces the settings of a project.
func (h Handler) ChangeSettings(w http.ResponseWriter, r *http.Request) {
	v, err := web.Read[SettingsValue](r)
	if err == nil {
		err = h.Settings.Put(r.Context(), chi.URLParam(r, "project"), v)
	}
	web.Reply(w, http.StatusOK, v, err)
}
