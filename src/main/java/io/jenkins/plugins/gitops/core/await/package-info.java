/** Decides whether a change is live, as a pure function of what agents report and what Git contains. */
package io.jenkins.plugins.gitops.core.await;
