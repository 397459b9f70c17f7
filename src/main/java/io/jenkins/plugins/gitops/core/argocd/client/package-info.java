/**
 * Asks Argo CD servers and listens to them, without Jenkins and without a thread that waits for an answer. What has to come
 * from outside is given: the HTTP client, the token, the threads and the clock.
 */
package io.jenkins.plugins.gitops.core.argocd.client;
