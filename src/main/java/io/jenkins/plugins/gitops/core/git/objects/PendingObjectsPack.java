package io.jenkins.plugins.gitops.core.git.objects;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Iterator;
import org.eclipse.jgit.internal.storage.pack.PackWriter;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.transport.PackParser;

/**
 * Stores objects that are only in memory as one pack of a repository, with deltas. Without deltas, a group of changes
 * to a folder with 5,000 entries takes about 25 times the space; as loose objects, it takes about five times the CPU
 * time.
 */
public final class PendingObjectsPack {
    /**
     * Small, since the versions of a folder are adjacent, so that the base of a delta is near; a larger window takes
     * longer.
     */
    private static final int DELTA_SEARCH_WINDOW = 3;

    private PendingObjectsPack() {}

    /**
     * Writes all objects or, on an error, none.
     *
     * @param view the repository together with the objects in memory
     * @param files the repository that stores the pack
     * @throws IOException when the pack cannot be written
     */
    public static void store(PendingObjects objects, Repository view, Repository files) throws IOException {
        try (ObjectInserter inserter = files.newObjectInserter();
                ByteArrayInputStream pack = new ByteArrayInputStream(pack(objects, view))) {
            PackParser parser = inserter.newPackParser(pack);
            parser.parse(NullProgressMonitor.INSTANCE);
            inserter.flush();
        }
    }

    private static byte[] pack(PendingObjects objects, Repository view) throws IOException {
        PackConfig config = new PackConfig(view);
        config.setDeltaSearchWindowSize(DELTA_SEARCH_WINDOW);
        config.setThreads(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        try (ObjectReader reader = view.newObjectReader();
                RevWalk walk = new RevWalk(reader);
                PackWriter writer = new PackWriter(config, reader)) {
            Iterator<RevObject> all = objects.all().stream()
                    .map(object -> (RevObject) walk.lookupAny(object.id(), object.type()))
                    .iterator();
            writer.preparePack(all);
            writer.writePack(NullProgressMonitor.INSTANCE, NullProgressMonitor.INSTANCE, out);
        }
        return out.toByteArray();
    }
}
