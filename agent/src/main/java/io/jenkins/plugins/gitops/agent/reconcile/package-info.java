/** The reconciliation of an application: render, compare, decide, apply, observe, report. */
package io.jenkins.plugins.gitops.agent.reconcile;
