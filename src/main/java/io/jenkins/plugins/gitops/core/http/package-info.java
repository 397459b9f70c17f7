/** Bodies of HTTP responses, taken without a thread that waits for them. */
package io.jenkins.plugins.gitops.core.http;
