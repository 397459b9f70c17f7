/** What Flux's notification controller tells of its objects, and what follows from it. */
package io.jenkins.plugins.gitops.core.flux;
