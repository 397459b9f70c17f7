/** What agents of every kind say about targets, behind one interface per kind of agent. */
package io.jenkins.plugins.gitops.status;
