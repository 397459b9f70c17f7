/**
 * A Kubernetes API in this process, for the demo and for tests that need only Maven Central: objects, watches,
 * server-side apply, and a controller that simulates rollouts. It validates far less than a real API server.
 */
package io.jenkins.plugins.gitops.agent.embedded;
