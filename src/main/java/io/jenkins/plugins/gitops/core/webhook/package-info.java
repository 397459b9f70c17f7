/** What Git hosts send when a branch was pushed: who signed it, and what it says. */
package io.jenkins.plugins.gitops.core.webhook;
