/** The messages that Git hosts send on a push: authentication and content. */
package io.jenkins.plugins.gitops.core.webhook;
