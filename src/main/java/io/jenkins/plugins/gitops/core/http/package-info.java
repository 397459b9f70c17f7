/** Receives bodies of HTTP responses without blocking a thread. */
package io.jenkins.plugins.gitops.core.http;
