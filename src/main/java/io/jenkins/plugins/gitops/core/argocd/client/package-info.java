/**
 * Sends requests to Argo CD servers and listens to them, without Jenkins and without blocking a thread. The HTTP
 * client, the token, the threads and the clock are supplied by the caller.
 */
package io.jenkins.plugins.gitops.core.argocd.client;
