/** What agents of every kind report about targets; each kind implements the same interface. */
package io.jenkins.plugins.gitops.status;
