/** The files that a rendering may read, and the limits on what it may cost. */
package io.jenkins.plugins.gitops.core.render.source;
