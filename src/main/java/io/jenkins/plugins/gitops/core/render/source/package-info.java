/** The files that a rendering may read, and the limits of its cost. */
package io.jenkins.plugins.gitops.core.render.source;
