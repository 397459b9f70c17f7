/** Where an image stands in a file of the config repository, and how it is set there byte for byte. No I/O. */
package io.jenkins.plugins.gitops.core.image;
