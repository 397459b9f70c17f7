/** The events of Flux's notification controller, and the status derived from them. */
package io.jenkins.plugins.gitops.core.flux;
