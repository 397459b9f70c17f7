package io.jenkins.plugins.gitops.core.git.objects;

import java.io.ByteArrayOutputStream;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.zip.Deflater;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;

/** A pack of new objects; those that were made from another object as deltas, whether that one is in the pack or not. */
public final class ThinPack {
    private static final int VERSION = 2;

    private ThinPack() {}

    public static byte[] of(Collection<PendingObjects.PendingObject> objects) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
        out.writeBytes(Constants.PACK_SIGNATURE);
        number(out, VERSION);
        number(out, objects.size());
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        Set<ObjectId> whole = deltaCycles(objects);
        try {
            for (PendingObjects.PendingObject object : objects) {
                write(out, deflater, object, whole.contains(object.id()));
            }
        } finally {
            deflater.end();
        }
        out.writeBytes(PendingObjects.sha1().digest(out.toByteArray()));
        return out.toByteArray();
    }

    /**
     * One object out of each circle of bases. A folder that a rollback makes again is a delta of its successor, which may
     * be a delta of it; whoever reads such a pack never ends.
     */
    private static Set<ObjectId> deltaCycles(Collection<PendingObjects.PendingObject> objects) {
        Map<ObjectId, ObjectId> bases = new HashMap<>();
        for (PendingObjects.PendingObject object : objects) {
            if (object.base() != null) {
                bases.put(object.id(), object.base());
            }
        }
        Set<ObjectId> cut = new HashSet<>();
        Set<ObjectId> sound = new HashSet<>();
        for (ObjectId start : bases.keySet()) {
            Set<ObjectId> way = new HashSet<>();
            ObjectId at = start;
            while (at != null && !sound.contains(at) && !cut.contains(at) && way.add(at)) {
                at = bases.get(at);
            }
            if (at != null && !sound.contains(at)) {
                cut.add(at);
            }
            sound.addAll(way);
        }
        return cut;
    }

    private static void write(
            ByteArrayOutputStream out, Deflater deflater, PendingObjects.PendingObject object, boolean whole) {
        ObjectId base = object.base();
        byte[] delta = object.delta();
        if (whole || base == null || delta == null) {
            head(out, object.type(), object.bytes().length);
            deflate(out, deflater, object.bytes());
        } else {
            head(out, Constants.OBJ_REF_DELTA, delta.length);
            byte[] id = new byte[Constants.OBJECT_ID_LENGTH];
            base.copyRawTo(id, 0);
            out.writeBytes(id);
            deflate(out, deflater, delta);
        }
    }

    /** Four bits of the length beside the type, then seven in each byte. */
    private static void head(ByteArrayOutputStream out, int type, int length) {
        int left = length >>> 4;
        int next = type << 4 | length & 0xf;
        while (left > 0) {
            out.write(next | 0x80);
            next = left & 0x7f;
            left >>>= 7;
        }
        out.write(next);
    }

    private static void deflate(ByteArrayOutputStream out, Deflater deflater, byte[] bytes) {
        deflater.reset();
        deflater.setInput(bytes);
        deflater.finish();
        byte[] buffer = new byte[8192];
        while (!deflater.finished()) {
            out.write(buffer, 0, deflater.deflate(buffer));
        }
    }

    private static void number(ByteArrayOutputStream out, int number) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(number >>> shift);
        }
    }
}
