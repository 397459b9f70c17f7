/** One pass of an application: render, compare, decide, apply, observe, tell. */
package io.jenkins.plugins.gitops.agent.reconcile;
