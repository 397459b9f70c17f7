package io.jenkins.plugins.gitops.core.git.objects;

import org.eclipse.jgit.lib.ObjectReader;

/** Reads the objects of a clone. */
public interface ObjectSource {
    /** Creates a reader, which the caller must close. */
    ObjectReader newObjectReader();

    /** Reports that an object could not be read: the next use checks the clone and, if it is corrupt, recreates it. */
    void noteDamage(Throwable e);
}
