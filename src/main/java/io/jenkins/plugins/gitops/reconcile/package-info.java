/** Periodic work: fetches what others pushed, refreshes the target states, and detects lasting drift. */
package io.jenkins.plugins.gitops.reconcile;
