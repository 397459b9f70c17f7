/** Finds images in files of the config repository, and sets them without changing any other byte. No I/O. */
package io.jenkins.plugins.gitops.core.image;
