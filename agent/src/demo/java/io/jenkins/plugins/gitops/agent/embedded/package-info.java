/**
 * A Kubernetes API in this process, for the demo and for tests that may use nothing but Maven Central: objects,
 * watches, server-side apply, and a controller that plays rollouts. It checks far less than a real API server does.
 */
package io.jenkins.plugins.gitops.agent.embedded;
