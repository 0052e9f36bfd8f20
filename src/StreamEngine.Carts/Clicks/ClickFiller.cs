using System.Text.Json;

namespace StreamEngine.Carts.Clicks;

/// <summary>Decides, once a record is read and its kind is known, which of its fields the click takes and which faults count.</summary>
internal sealed class ClickFiller(RecordScan scan, Click click, PageMatcher pages)
{
    private readonly CartFiller _cart = new(scan, click);

    /// <param name="isIgnored">The click turned out to be about something that the engine does not know.</param>
    public bool TryFill(ref FieldReader fields, long recordTimeMs, out bool isIgnored)
    {
        isIgnored = false;
        var group = KindRules.GroupOf(click.Kind);
        FillEnvelope(ref fields, recordTimeMs);
        fields.IsLenient = group is KindGroup.Order or KindGroup.Look;
        if (!fields.TryHash(scan[Field.MessageId], "messageId", out var messageId)
            || (!scan[Field.Properties].IsAbsent && group is not (KindGroup.Identify or KindGroup.Bare)
                && !fields.Overlooks(FaultReason.WrongType, "properties", scan[Field.Properties].Start)))
        {
            return false;
        }
        click.MessageId = messageId;
        switch (group)
        {
            case KindGroup.Cart:
                return _cart.TryFillCart(ref fields);
            case KindGroup.Order:
                return _cart.TryFillOrder(ref fields);
            case KindGroup.Checkout:
                return _cart.TryFillNames(ref fields);
            case KindGroup.Look:
                return _cart.TryFillProductSeen(ref fields);
            case KindGroup.Page:
                FillPage(ref fields);
                return true;
            case KindGroup.Identify:
                return TryFillTraits(ref fields);
            case KindGroup.ExitIntent:
                return TryFillExitIntent(ref fields);
            case KindGroup.Chat:
                return TryFillChat(ref fields);
            case KindGroup.Consent:
                return TryFillConsent(ref fields, out isIgnored);
            case KindGroup.Outcome:
                if (!fields.TryActionId(scan[Field.ActionId], "actionId", out var actionId))
                {
                    return false;
                }
                click.ActionId = actionId;
                return true;
            default:
                return true;
        }
    }

    private void FillEnvelope(ref FieldReader fields, long recordTimeMs)
    {
        fields.IsLenient = true;
        click.Page = KindRules.PageOf(click.Kind);
        fields.TryTime(scan[Field.Timestamp], "timestamp", out var eventTimeMs);
        if (eventTimeMs == 0)
        {
            fields.TryTime(scan[Field.OriginalTimestamp], "originalTimestamp", out eventTimeMs);
        }
        if (eventTimeMs == 0)
        {
            fields.TryTime(scan[Field.SentAt], "sentAt", out eventTimeMs);
        }
        click.TimeMs = recordTimeMs > 0 ? recordTimeMs : eventTimeMs;
        click.EventTimeMs = eventTimeMs > 0 ? eventTimeMs : click.TimeMs;

        fields.TryKeep(scan[Field.ContextLocale], "locale", out var locale);
        click.Locale = locale;
        fields.TryKeep(scan[Field.ContextTimeZone], "timezone", out var timeZone);
        click.TimeZone = timeZone;
        fields.TryPlain(scan[Field.ContextDeviceType], "device", out var device);
        click.Device = ClickWords.DeviceOf(device);
        if (click.Device == Device.Unknown)
        {
            click.Device = scan[Field.ContextMobile].Type switch
            {
                JsonTokenType.True => Device.Mobile,
                JsonTokenType.False => Device.Desktop,
                _ => Device.Unknown,
            };
        }
    }

    private void FillPage(ref FieldReader fields)
    {
        fields.IsLenient = true;
        var type = PageOf(ref fields, scan[Field.PageName], isAddress: false);
        type = type != PageType.None ? type : PageOf(ref fields, scan.Product.Name, isAddress: false);
        var address = scan.First(Field.Path, Field.ContextPath, Field.Url, Field.ContextUrl);
        type = type != PageType.None ? type : PageOf(ref fields, address, isAddress: true);
        type = type != PageType.None ? type : PageOf(ref fields, scan.First(Field.PageCategory, Field.Category), isAddress: false);
        click.Page = type != PageType.None ? type : PageType.Other;
    }

    private PageType PageOf(ref FieldReader fields, RawValue raw, bool isAddress)
    {
        fields.TryPlain(raw, "name", out var text);
        return isAddress ? pages.OfAddress(text) : pages.OfText(text);
    }

    private bool TryFillTraits(ref FieldReader fields)
    {
        if ((!scan[Field.Traits].IsAbsent && !fields.Overlooks(FaultReason.WrongType, "traits", scan[Field.Traits].Start))
            || !fields.TryKeep(scan[Field.Email], "email", out var email)
            || !fields.TryKeep(scan[Field.Phone], "phone", out var phone)
            || !fields.TryKeep(scan[Field.Locale], "locale", out var locale)
            || !fields.TryKeep(scan[Field.TimeZone], "timezone", out var timeZone)
            || !fields.TryCount(scan[Field.OrderCount], "orderCount", FaultReason.WrongType, int.MaxValue, out var orderCount)
            || !fields.TryTime(scan[Field.LastOrderAt], "lastOrderAt", out var lastOrderAtMs)
            || (!scan[Field.Consent].IsAbsent && !fields.Overlooks(FaultReason.WrongType, "consent", scan[Field.Consent].Start))
            || !TryJoinConsent(ref fields, Field.ConsentChat, Channel.Chat)
            || !TryJoinConsent(ref fields, Field.ConsentEmail, Channel.Email)
            || !TryJoinConsent(ref fields, Field.ConsentSms, Channel.Sms)
            || !TryJoinConsent(ref fields, Field.ConsentAgent, Channel.Agent))
        {
            return false;
        }
        click.Email = email;
        click.Phone = phone;
        click.Locale = locale.IsAbsent ? click.Locale : locale;
        click.TimeZone = timeZone.IsAbsent ? click.TimeZone : timeZone;
        click.OrderCount = orderCount;
        click.LastOrderAtMs = lastOrderAtMs;
        return true;
    }

    private bool TryJoinConsent(ref FieldReader fields, Field field, Channel channel)
    {
        if (!fields.TryConsent(scan[field], "consent", out var state))
        {
            return false;
        }
        click.Consents = click.Consents.With(channel, state);
        return true;
    }

    private bool TryFillExitIntent(ref FieldReader fields)
    {
        if (!fields.TryPercent(scan[Field.Confidence], "confidence", out var percent) || !fields.TryPlain(scan[Field.Device], "device", out var word))
        {
            return false;
        }
        click.ConfidencePercent = percent;
        var device = ClickWords.DeviceOf(word);
        click.Device = device == Device.Unknown ? click.Device : device;
        return true;
    }

    private bool TryFillChat(ref FieldReader fields)
    {
        if (!fields.TryMeasure(scan[Field.Text], "text") || !fields.TryKeep(scan[Field.Language], "language", out var language))
        {
            return false;
        }
        click.Locale = click.Locale.IsAbsent ? language : click.Locale;
        return true;
    }

    private bool TryFillConsent(ref FieldReader fields, out bool isIgnored)
    {
        isIgnored = false;
        var (channelRaw, stateRaw) = (scan[Field.Channel], scan[Field.State]);
        if (channelRaw.IsAbsent || channelRaw.IsEmptyText)
        {
            return fields.Missing("channel");
        }
        if (stateRaw.IsAbsent || stateRaw.IsEmptyText)
        {
            return fields.Missing("state");
        }
        if (!fields.TryConsent(stateRaw, "state", out var state) || !fields.TryPlain(channelRaw, "channel", out var word))
        {
            return false;
        }
        var channel = ClickWords.ChannelOf(word);
        if (ClickWords.MeansAllChannels(word))
        {
            for (channel = Channel.Chat; channel <= Channel.Agent; channel++)
            {
                click.Consents = click.Consents.With(channel, state);
            }
            return true;
        }
        // A channel that the engine has not: nothing of this click could ever matter.
        isIgnored = channel == Channel.None;
        click.Consents = isIgnored ? default : click.Consents.With(channel, state);
        return true;
    }
}
